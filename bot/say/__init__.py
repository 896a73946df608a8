"""From facts to pages: one file per subject. No decisions here, only words and their order."""
