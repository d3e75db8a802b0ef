#!/usr/bin/env bats
# What processes, sockets and links of a compromised application can do to the sidecar and to ProcDump.
load helper

@test "dump begins with the oldest process: those that were started to hold it up come later" {
  start_dotnet webapi
  start_mute_runtimes 5 1 60
  start_spooling_agent dotnet
  eventually happened target-found 6
  run dump --no-wait --timeout 1
  [[ $output == "$T/spool/webapi-0/$TARGET-on_demand/"* ]]
}

@test "a process of the sidecar is no target, though the application names a socket after it" {
  start_agent_of_app dotnet
  cp /bin/sleep "$T/hidden"
  chmod 0711 "$T/hidden"
  unshare --mount setpriv --reuid 1654 --regid 1654 --clear-groups bash -c 'exec "$0" 300' "$T/hidden" 3>&- &
  hidden=$!
  CHILDREN+=("$hidden")
  sleep 0.3
  start=$(sed 's/.*) //' "/proc/$hidden/stat" | cut -d' ' -f20)
  as_app perl -MSocket -e 'socket my $socket, AF_UNIX, SOCK_STREAM, 0; bind $socket, sockaddr_un($ARGV[0]) or die $!; sleep 300' \
    "$T/tmp/dotnet-diagnostic-$hidden-$start-socket" 3>&- &
  CHILDREN+=("$!")
  eventually test -S "$T/tmp/dotnet-diagnostic-$hidden-$start-socket"
  sleep 3
  never_logged target-found
}

@test "a link in the place of ProcDump's folder is refused with the user of the application, too" {
  mkdir -m 0700 "$T/outside"
  ln -s "$T/outside" "$T/tmp/procdump"
  start_dotnet webapi
  start_agent_of_app dotnet --watch polling -tc 99
  eventually logged degraded 'expected the folder that ProcDump makes'
  never_logged procdump-started
}

# A runtime whose socket goes as soon as ProcDump is to be armed, and links to a name in the store where a dump by ProcDump
# itself would go.
start_vanishing_runtime() { # TYPE
  unshare --mount perl -MSocket -MPOSIX=strftime -e 'my ($folder, $spool, $victim, $type) = @ARGV;
    open my $stat, "<", "/proc/$$/stat"; my $start = (split / /, <$stat> =~ s/.*\) //r)[19];
    my $path = "$folder/dotnet-diagnostic-$$-$start-socket"; socket my $socket, AF_UNIX, SOCK_STREAM, 0;
    bind $socket, sockaddr_un($path) or die $!; listen $socket, 5;
    my $dumps = "$spool/webapi-0/$$-polling"; select undef, undef, undef, 0.001 until -d $dumps;
    close $socket; unlink $path; my $stamp = sub { strftime "%y%m%d_%H%M%S", localtime time + $_[0] };
    symlink $victim, "$dumps/perl_${type}_" . $stamp->($_) . ".$$" for 0 .. 60; sleep 300' \
    "$T/tmp" "$T/spool" "$T/store/webapi-7" "$1" 3>&- &
  CHILDREN+=("$!")
}

procdump_writes_nothing() { # SWITCH
  start_spooling_agent dotnet --watch polling "-$1" 10
  eventually logged procdump-started
  touch "$T/control/fire-$1"
  TRIES=200 eventually logged procdump-output 'Operation not permitted'
  [[ ! -e $T/store/webapi-7 ]]
}

@test "ProcDump does not write a .NET process itself when its socket goes, through a link into the store" {
  start_vanishing_runtime thread
  procdump_writes_nothing tc
}

@test "ProcDump that waits for signals does not write a .NET process itself either" {
  start_vanishing_runtime signal
  procdump_writes_nothing sig
}

@test "what is said of the folder of a process ends with the process" {
  mkdir -p "$T/spool"
  ln -s /nowhere "$T/spool/webapi-0"
  start_native worker
  start_spooling_agent native --process-name worker --watch polling -tc 99
  eventually logged degraded 'expected the folders'
  end_target
  eventually status_says '"state":"waiting"'
}
