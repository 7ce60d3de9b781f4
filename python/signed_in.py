"""JupyterLab, whose users are those that the proxy in front says.

Only that proxy knows the token, and it lets no browser say who it is. Where it says nothing users are as Jupyter has them.
"""

import sqlite3
import sys

# the modules beside this file are nobody's packages, and the home's would not be Jupyter's either
sys.path.pop(0)

from nbformat import sign  # noqa: E402
from jupyter_server.auth.identity import PasswordIdentityProvider, User  # noqa: E402
from jupyterlab.labapp import main  # noqa: E402

PERSON = "X-Atelier-User"


class SignedIn(PasswordIdentityProvider):
    def get_user_cookie(self, handler):
        """A browser keeps what its user chose, such as a colour, as long as it is theirs."""
        user = super().get_user_cookie(handler)
        person = handler.request.headers.get(PERSON)
        return user if user and person in (None, user.username) else None

    def generate_anonymous_user(self, handler):
        person = handler.request.headers.get(PERSON)
        return User(person, initials=person[:2].upper()) if person else super().generate_anonymous_user(handler)


class Signatures(sign.SQLiteSignatureStore):
    """Tells which notebooks are trusted on a full disk, too, where it cannot note that it was asked: they open."""

    def check_signature(self, digest, algorithm):
        try:
            return super().check_signature(digest, algorithm)
        except sqlite3.OperationalError:
            self.db.rollback()
            return self.db.execute("SELECT 1 FROM nbsignatures WHERE algorithm = ? AND signature = ?",
                                   (algorithm, digest)).fetchone() is not None


# Jupyter takes another store from a configuration in Python alone, and one of the user's would go before it
sign.SQLiteSignatureStore = Signatures

if __name__ == "__main__":
    sys.exit(main())
