#!/usr/bin/env bash
# Brings the judges of `npm run conformance` to this machine: Debian's packages where root may install them, pyHanko
# from PyPI, EU DSS and veraPDF from Maven Central. The latter go to ${XDG_CACHE_HOME:-~/.cache}/mot-lan and stay for
# the next run. Every step has a time limit; what cannot be had is said and left out. Ends with status 0 in any case.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
exec </dev/null
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mot-lan
mkdir -p "$cache"
pyhanko_version=0.38.0
pyhanko_cli_version=0.6.0

packages=()
for pair in pdfsig:poppler-utils mutool:mupdf-tools qpdf:qpdf openssl:openssl javac:default-jdk-headless \
  softhsm2-util:softhsm2 python3:python3-venv mvn:maven go:golang-go; do
  command -v "${pair%%:*}" >/dev/null || packages+=("${pair##*:}")
done
[ -f /usr/share/java/pdfbox2.jar ] || packages+=(libpdfbox2-java)
[ -f /usr/share/java/bcpkix.jar ] || packages+=(libbcpkix-java)
if [ "${#packages[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  timeout 90 apt-get update -qq >/dev/null 2>&1
  timeout 240 apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null 2>&1 ||
    for package in "${packages[@]}"; do
      timeout 120 apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
        echo "not to be had: Debian's $package"
    done
fi

# pyHanko in an environment of its own; made beside its place and moved there whole.
if ! [ -f "$cache/pyhanko/complete-$pyhanko_version" ]; then
  rm -rf "$cache/pyhanko"
  if timeout 60 python3 -m venv "$cache/pyhanko" >/dev/null 2>&1 &&
    timeout 180 "$cache/pyhanko/bin/pip" install -q --disable-pip-version-check \
      "pyhanko==$pyhanko_version" "pyhanko-cli==$pyhanko_cli_version" >/dev/null 2>&1; then
    touch "$cache/pyhanko/complete-$pyhanko_version"
  else
    rm -rf "$cache/pyhanko"
    echo 'not to be had: pyHanko'
  fi
fi

# The native binding to tokens is no dependency of the vault; the tests of tokens look for it here.
if ! [ -f "$cache/pkcs11/complete" ]; then
  if command -v npm >/dev/null && timeout 120 npm install --silent --no-audit --no-fund --prefix "$cache/pkcs11" \
    pkcs11js@2.1.6 >/dev/null 2>&1; then
    touch "$cache/pkcs11/complete"
  else
    rm -rf "$cache/pkcs11"
    echo 'not to be had: pkcs11js'
  fi
fi

for judge in dss verapdf; do
  stamp=$(sha256sum "judges/$judge/pom.xml" | cut -c1-16)
  [ -f "$cache/$judge/complete" ] && [ "$(cat "$cache/$judge/complete")" = "$stamp" ] && continue
  rm -rf "${cache:?}/$judge"
  if command -v mvn >/dev/null && timeout 240 mvn -B -q -f "judges/$judge/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$cache/$judge" >/dev/null 2>&1; then
    echo "$stamp" >"$cache/$judge/complete"
  else
    rm -rf "${cache:?}/$judge"
    echo "not to be had: $judge"
  fi
done
exit 0
