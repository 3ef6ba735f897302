"""Numbers of a case that only cohorts tell."""

REMOTE_SHARE = "remote_share"
ABOUT_REMOTE_SHARE = (
    "of all that the drawing loses while one place after the other is hidden, the share that is lost outside the "
    "place; the rest is lost in it"
)
