# shellcheck shell=bash
# A container engine and images out of the machine's own parts: no registry, and nothing of an engine in use is touched.

readonly PACKAGES=(podman procps runc catatonit perl-base libelf1 libstdc++6 zlib1g libssl3)
# What the sidecar's image gets from Ubuntu, with the libraries that these programs and .NET load.
readonly BASE_PACKAGES=(bash coreutils dash perl-base libc6 libcrypt1 libgcc-s1 libstdc++6 libelf1 zlib1g
  libacl1 libattr1 libgmp10 libpcre2-8-0 libselinux1 libssl3 libtinfo6)
readonly IMAGE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
readonly IMAGES=localhost/cdk8s-procdump-e2e
readonly DOTNET_PACKAGE=@azure/mcp-linux-x64

not_run() { # REASON
  printf '\n==== NOT RUN: %s ====\n\n' "$1" >&2
  exit 77
}

# One proof of several; the others go on.
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

# Storage, locks and state of its own. runc, because crun refuses cgroups in hybrid mode; the limits, because podman asks for
# more than a container with fewer capabilities may set.
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
  # Overlays cannot lie on an overlay, as the root of a CI container is one.
  [[ $(stat --file-system --format %T "$WORK") != overlayfs ]] || driver=vfs
  printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' "$driver" "$WORK/storage" "$WORK/run" >"$WORK/storage.conf"
  export CONTAINERS_CONF=$WORK/containers.conf CONTAINERS_STORAGE_CONF=$WORK/storage.conf
}

build_images() {
  build_base
  build_app
  build_sidecar
}

build_base() {
  local root=$WORK/base
  mkdir -p "$root"/{etc,run,tmp,var} "$root"/usr/{bin,sbin,lib,lib64}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
  ln -s /run "$root/var/run"
  chmod 1777 "$root/tmp"
  # The user that the Dockerfile makes in the step that is left out below.
  printf '%s\n' root:x:0:0::/root:/bin/sh procdump:x:1654:1654::/nonexistent:/usr/sbin/nologin >"$root/etc/passwd"
  printf '%s\n' root:x:0: procdump:x:1654: >"$root/etc/group"
  list_base_files | tar --create --directory=/ --no-recursion --ignore-failed-read --files-from=- 2>"$WORK/tar.log" |
    tar --extract --directory="$root" --keep-directory-symlink
  tar --create --directory="$root" . | podman import --quiet --change "ENV PATH=$IMAGE_PATH" - "$IMAGES-base:1" >/dev/null
}

# FindBin, which the stand-in uses, is in a package of 20 MB with nothing else that is needed.
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

# The last steps of the project's own Dockerfile. What is before them needs a registry, Ubuntu's packages and Microsoft's
# feed: the agent is built on this machine, and the base is made of this machine's parts.
build_sidecar() {
  local folder=$WORK/sidecar
  cp -R image "$folder"
  test/agent/build "$folder/procdump-agent"
  {
    printf 'FROM %s-base:1 AS agent\nCOPY procdump-agent /out/\nFROM %s-base:1\n' "$IMAGES" "$IMAGES"
    if [[ ${PROCDUMP_BINARY-} ]]; then
      mkdir "$folder/libraries"
      cp "$PROCDUMP_BINARY" "$folder/procdump-binary"
      # With the libraries that it found on this machine.
      ldd "$PROCDUMP_BINARY" | sed -n 's|.* => \(/[^ ]*\) .*|\1|p' | xargs -I {} cp {} "$folder/libraries"
      printf 'COPY --chmod=0755 procdump-binary /usr/bin/procdump\nCOPY libraries /usr/lib/x86_64-linux-gnu/\n'
    else
      cp test/agent/stand-in-procdump test/agent/Core.pm "$folder"
      # It keeps notes, in the only folder of the sidecar that is sure to be writable.
      printf 'COPY Core.pm /usr/bin/\nCOPY stand-in-procdump /usr/bin/procdump\nENV STAND_IN_DIR=/run/procdump\n'
    fi
    sed -n '/^COPY --from=agent /,$p' image/Dockerfile
  } >"$folder/Dockerfile.local"
  mv "$folder/Dockerfile.local" "$folder/Dockerfile"
  build_image sidecar "$folder"
}

build_image() { # NAME FOLDER
  podman build --quiet --network none --tag "$IMAGES-$1:1" "$2" >/dev/null
}

remove_everything() {
  local folder
  if [[ -e $WORK/storage ]]; then
    remove_pods
    awk -v work="$WORK/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort --reverse | while read -r folder; do umount "$folder"; done
  fi
  rm -rf --one-file-system "${WORK:?}"
}

# podman forgets some control groups while the kernel still counts the processes that were killed in them.
remove_pods() {
  local pods pod folder
  mapfile -t pods < <(podman pod ps --no-trunc --format '{{.ID}}')
  podman pod rm --all --force --time 0 >"$WORK/remove.log" 2>&1 || cat "$WORK/remove.log" >&2
  for folder in /sys/fs/cgroup/libpod_parent /sys/fs/cgroup/*/libpod_parent; do
    [[ -d $folder ]] || continue
    for pod in "${pods[@]}"; do
      [[ ! -d $folder/$pod ]] || find "$folder/$pod" -depth -type d -exec rmdir {} +
    done
    # Stays, as it should, where another engine has pods in it.
    rmdir "$folder" 2>/dev/null || true
  done
}
