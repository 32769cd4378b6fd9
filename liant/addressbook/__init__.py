"""Address books as people export them: vCard files and Google's CSV."""
