# shellcheck shell=bash
# A container engine and images made of the machine's own files: no registry is used, and an existing engine is not
# changed.

readonly PACKAGES=(podman procps runc catatonit perl-base libelf1 libstdc++6 zlib1g libssl3)
# Packages that the sidecar's image has from Ubuntu, with the libraries that these programs and .NET load.
readonly BASE_PACKAGES=(bash coreutils dash dpkg passwd perl-base libc6 libcrypt1 libgcc-s1 libstdc++6 libelf1 zlib1g
  libacl1 libattr1 libaudit1 libbz2-1.0 libcap-ng0 libgmp10 libmd0 libpcre2-8-0 libselinux1 libsemanage2 libsepol2 libssl3 libtinfo6)
readonly IMAGE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
readonly IMAGES=localhost/cdk8s-procdump-e2e
readonly DOTNET_PACKAGE=@azure/mcp-linux-x64

not_run() { # REASON
  printf '\n==== NOT RUN: %s ====\n\n' "$1" >&2
  exit 77
}

# Skips one of several tests.
LEFT_OUT=0
leave_out() { # WHAT AND WHY
  printf '\n==== NOT RUN: %s ====\n\n' "$1" >&2
  LEFT_OUT=77
}

install_engine() {
  [[ $(uname -sm) == 'Linux x86_64' ]] || not_run "the .NET program is built for Linux x86_64, this is $(uname -sm)"
  if ! { type -P podman runc && dpkg-query --status "${PACKAGES[@]}"; } >/dev/null 2>&1; then
    type -P apt-get >/dev/null || not_run 'podman is missing, and apt-get is not there to install it'
    apt-get -qq update || not_run 'apt-get update failed'
    apt-get -qq install --yes --no-install-recommends "${PACKAGES[@]}" >/dev/null || not_run 'apt-get could not install podman'
  fi
  configure_engine
  podman info >/dev/null || not_run 'podman is installed and does not start'
}

# The engine has its own storage, locks and state. It uses runc, because crun refuses cgroups in hybrid mode. The limits
# are set because podman requests more than a container with fewer capabilities may set.
configure_engine() {
  local files driver=overlay
  files=$(ulimit -Hn)
  [[ $files != unlimited ]] || files=1048576
  cat >"$WORK/containers.conf" <<CONFIGURATION
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "$WORK/engine"
CONFIGURATION
  # An overlay cannot be stored on an overlay, such as the root of a CI container.
  [[ $(stat --file-system --format %T "$WORK") != overlayfs ]] || driver=vfs
  printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' "$driver" "$WORK/storage" "$WORK/run" >"$WORK/storage.conf"
  export CONTAINERS_CONF=$WORK/containers.conf CONTAINERS_STORAGE_CONF=$WORK/storage.conf
}

build_images() {
  build_base
  build_app
  build_sidecar
}

# Builds a stand-in for Ubuntu 24.04. The Dockerfile uses it under that name, and the application's image is based on
# it.
build_base() {
  local root=$WORK/base
  mkdir -p "$root"/{etc/apt/sources.list.d,run,tmp,var/lib/apt/lists} "$root"/usr/{bin,sbin,lib,lib64,share/keyrings}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
  ln -s /run "$root/var/run"
  chmod 1777 "$root/tmp"
  printf '%s\n' root:x:0:0::/root:/bin/sh >"$root/etc/passwd"
  printf '%s\n' root:x:0: >"$root/etc/group"
  printf '%s\n' 'VERSION_ID="24.04"' 'VERSION_CODENAME=noble' >"$root/etc/os-release"
  list_base_files | tar --create --directory=/ --no-recursion --ignore-failed-read --files-from=- 2>"$WORK/tar.log" |
    tar --extract --directory="$root" --keep-directory-symlink
  cp test/e2e/pod-apt-get "$root/usr/bin/apt-get"
  # ProcDump's stand-in writes notes to the only folder of the sidecar that is always writable.
  tar --create --directory="$root" . | podman import --quiet --change "ENV PATH=$IMAGE_PATH" --change 'ENV STAND_IN_DIR=/run/procdump' - "$IMAGES-base:1" >/dev/null
  podman tag "$IMAGES-base:1" localhost/ubuntu:24.04
}

# FindBin, which the stand-in uses, is in a package of 20 MB that is not needed otherwise.
list_base_files() {
  {
    dpkg-query --listfiles "${BASE_PACKAGES[@]}"
    perl -MFindBin -e 'print "$INC{q(FindBin.pm)}\n"'
  } | sed -n 's|^/\(.\)|\1|p' | grep -vE '^(etc|var|usr/share/(doc|man|locale|info|lintian))(/|$)'
}

build_app() {
  local folder=$WORK/app
  mkdir "$folder"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" "$DOTNET_PACKAGE@2.0.5" >/dev/null
  cp test/e2e/pod-{crasher,clock,intruder,attacker} test/agent/Core.pm "$folder"
  printf 'FROM %s-base:1\nCOPY --chmod=0755 node_modules/%s/dist/azmcp pod-crasher pod-clock pod-intruder pod-attacker Core.pm /usr/bin/\n' "$IMAGES" "$DOTNET_PACKAGE" >"$folder/Dockerfile"
  build_image app "$folder"
}

# Builds the project's own Dockerfile, with each step, in the engine and without a network. These parts are replaced:
# Ubuntu by the base above, apt-get by a script that installs from the folders below, Microsoft's key, and ProcDump
# unless PROCDUMP_BINARY is set. Go comes from this machine or Debian.
build_sidecar() {
  local folder=$WORK/sidecar
  cp -R image "$folder"
  printf 'a key\n' >"$folder/microsoft.asc"
  collect_go
  collect_procdump
  # ADD gives this mode to a downloaded file.
  sed -i 's|^ADD https://[^ ]*/microsoft.asc |COPY --chmod=0600 microsoft.asc |' "$folder/Dockerfile"
  build_image sidecar "$folder" --volume "$WORK/packages:/packages:ro"
}

collect_go() {
  local root
  root=$("$(test/agent/go)/go" env GOROOT)
  mkdir -p "$WORK/packages/go"
  # Debian's folder has links to another folder.
  cp --recursive --dereference "$root"/{VERSION,bin,go.env,pkg,src} "$WORK/packages/go"
}

collect_procdump() {
  local files=$WORK/packages/procdump/usr
  mkdir -p "$files"/{bin,lib/x86_64-linux-gnu}
  if [[ ${PROCDUMP_BINARY-} ]]; then
    install "$PROCDUMP_BINARY" "$files/bin/procdump"
    # With the libraries that it uses on this machine.
    ldd "$PROCDUMP_BINARY" | sed -n 's|.* => \(/[^ ]*\) .*|\1|p' | xargs -I {} cp {} "$files/lib/x86_64-linux-gnu"
  else
    install test/agent/stand-in-procdump "$files/bin/procdump"
    cp test/agent/Core.pm "$files/bin"
  fi
}

build_image() { # NAME FOLDER OPTION...
  podman build --quiet --network none --pull=never "${@:3}" --tag "$IMAGES-$1:1" "$2" >"$WORK/build-$1.log" 2>&1 || { cat "$WORK/build-$1.log" >&2; return 1; }
}

remove_everything() {
  local folder
  if [[ -e $WORK/storage ]]; then
    remove_pods
    awk -v work="$WORK/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort --reverse | while read -r folder; do umount "$folder"; done
  fi
  rm -rf --one-file-system "${WORK:?}"
}

# podman forgets some control groups while the kernel still counts their killed processes.
remove_pods() {
  local pods pod folder
  mapfile -t pods < <(podman pod ps --no-trunc --format '{{.ID}}')
  podman pod rm --all --force --time 0 >"$WORK/remove.log" 2>&1 || cat "$WORK/remove.log" >&2
  for folder in /sys/fs/cgroup/libpod_parent /sys/fs/cgroup/*/libpod_parent; do
    [[ -d $folder ]] || continue
    for pod in "${pods[@]}"; do
      [[ ! -d $folder/$pod ]] || find "$folder/$pod" -depth -type d -exec rmdir {} +
    done
    # The folder must stay if another engine has pods in it.
    rmdir "$folder" 2>/dev/null || true
  done
}
