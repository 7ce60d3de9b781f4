"""The command sudo where one user stands for all: what it is given runs as that user, since a sandbox has no other.

Scripts for AWS's notebook instances run as root and step down by `sudo -u ec2-user -i`; both are the same user here.
"""

import os
import pwd
import re
import sys

WITH_ARGUMENT = set("CDRTUghprtu")
LOGIN_SHELL, SHELL = "i", "s"


def refuse(text):
    sys.stderr.write("sudo: %s\n" % text)
    sys.exit(1)


def options(words):
    """Splits the words into the flags, the wanted user, and the rest."""
    flags, user = set(), "root"
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            if name == "user":
                user = value or (words.pop(0) if words else refuse("--user needs a name"))
            flags.update({"login": LOGIN_SHELL, "shell": SHELL}.get(name, ""))
            continue
        letters = word[1:]
        for place, letter in enumerate(letters):
            if letter not in WITH_ARGUMENT:
                flags.add(letter)
                continue
            value = letters[place + 1:] or (words.pop(0) if words else refuse("-%s needs an argument" % letter))
            user = value if letter == "u" else user
            break
    return flags, user, words


def main():
    flags, user, words = options(sys.argv[1:])
    own = pwd.getpwuid(os.getuid()).pw_name
    if user not in ("root", own, "#0", "#%d" % os.getuid()):
        refuse("unknown user %s: this sandbox has %s alone" % (user, own))
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        name, _, value = words.pop(0).partition("=")
        os.environ[name] = value
    if LOGIN_SHELL in flags:
        os.chdir(os.environ.get("HOME", "/"))
    if LOGIN_SHELL in flags or SHELL in flags:
        shell = ["/bin/bash"] + (["-l"] if LOGIN_SHELL in flags else [])
        # a login shell reads /etc/profile, which sets a path without the image's programs
        os.environ["BASH_ENV"] = ""
        path = os.environ["PATH"]
        words = shell + (["-c", 'export PATH="$0"; exec "$@"', path, *words] if words
                         else ["-c", 'export PATH="$0"; exec /bin/bash', path])
    elif not words:
        if flags & set("vkK"):
            sys.exit(0)
        refuse("a command is needed")
    try:
        os.execvp(words[0], words)
    except OSError as error:
        refuse("%s: %s" % (words[0], error.strerror))


if __name__ == "__main__":
    main()
