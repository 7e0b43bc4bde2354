#!/bin/sh
# The programs that tests drive and that are not Python's: a browser, and readers of PDF and keys that are not ours.
# As root they are installed where apt-get is there; else each one missing is said in a line. With CI set that is a failure.
set -u
has() { command -v "$1" >/dev/null 2>&1; }
has_browser() {
  has chromium || has chromium-browser || has google-chrome || ls "${HOME:-/root}"/.cache/ms-playwright/chromium*/chrome-linux*/chrome >/dev/null 2>&1
}

packages=""
has_browser || packages="$packages chromium fonts-dejavu-core"
has pdfsig || packages="$packages poppler-utils"
has qpdf || packages="$packages qpdf"
has certutil || packages="$packages libnss3-tools"
has mutool || packages="$packages mupdf-tools"
has softhsm2-util || packages="$packages softhsm2"
has openssl || packages="$packages openssl"
[ -z "$packages" ] && exit 0

if [ "$(id -u)" = 0 ] && has apt-get; then
  echo "Installing for the tests:$packages"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } >/dev/null 2>&1
elif ! has_browser; then
  .venv/bin/python -m playwright install chromium >/dev/null 2>&1
fi

missing=""
has_browser || missing="$missing a-browser(chromium)"
has pdfsig || missing="$missing pdfsig(poppler-utils)"
has qpdf || missing="$missing qpdf"
has certutil || missing="$missing certutil(libnss3-tools)"
has mutool || missing="$missing mutool(mupdf-tools)"
has softhsm2-util || missing="$missing softhsm2-util(softhsm2)"
has openssl || missing="$missing openssl"
[ -z "$missing" ] && exit 0
echo "Not to be had here, so what needs it is not tested:$missing"
[ -z "${CI:-}" ]
