# Sourced by the commands beside it: what they need of Debian 12, and how it is installed.

# To configure, build and run.
build_packages=(
  g++ cmake ninja-build python3.11 libpython3.11-dev libfmt-dev libtomlplusplus-dev libexpected-dev
  nlohmann-json3-dev libpugixml-dev libcli11-dev libkainjow-mustache-dev libseccomp-dev libssl-dev librapidcheck-dev
)

# To test besides.
test_packages=(
  git ccache libgtest-dev libgmock-dev libvalijson-dev gcovr clang-format-14 clang-tidy-14
  libxml2-utils bsdutils fonts-dejavu-core chromium chromium-driver python3 python3-selenium
  python3-jsonschema python3-yaml python3-build python3-pip mypy pkgconf rustc pypy3 mandoc perl cmark-gfm
)

# To fetch newer CPythons.
pythons_packages=(patchelf debian-archive-keyring)

# To measure besides (ci/bench).
bench_packages=(libbenchmark-dev)

# To build and test the Debian package besides (ci/package).
package_packages=(dpkg-dev file gzip lintian mmdebstrap git)

# To test ci/cluster besides (ci/deep cluster).
cluster_packages=(slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge parallel)

# To fuzz besides (ci/fuzz).
fuzz_packages=(clang-14 libclang-rt-14-dev)

# The mirror in the machine's own sources.
mirror() {
  local codename
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    awk -v codename="$codename" '$1 == codename && !uri { uri = $2 } END { print uri }'
}

# install_missing PACKAGE...: installs those that are not there; quiet when all are.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null |
      grep -x installed >/dev/null || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "missing packages: ${missing[*]}: run this as root, or install sudo" >&2
      return 2
    }
    as_root=(sudo)
  fi
  echo "== installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
