package Core;
# Writes an ELF core file as ProcDump and createdump do: headers first, then the data in order, mode 0600.
use strict;
use warnings;
no warnings 'portable'; # addresses have 64 bits
use Fcntl;

use constant { HEADER => 64, SEGMENT => 56, BLOCK => 2**20 };

# Writes a core file with the given number of meaningless bytes.
sub create {
    my ($path, $bytes, $seconds, $flags) = @_;
    sysopen(my $file, $path, $flags // (O_WRONLY | O_CREAT | O_TRUNC), 0600) or return "$!";
    syswrite($file, header(1) . segment(HEADER + SEGMENT, 0, $bytes));
    my $slices = 10;
    for (1 .. $slices) {
        syswrite($file, 'x' x ($bytes / $slices));
        pause($seconds / $slices) if $seconds;
    }
    close($file);
    return '';
}

# Writes a core file with the writable memory of a process that the caller has stopped.
sub copy {
    my ($path, $pid, $seconds) = @_;
    open(my $maps, '<', "/proc/$pid/maps") && open(my $memory, '<:raw', "/proc/$pid/mem") or return "$!";
    my @parts = map { /^(\w+)-(\w+) rw/ ? [hex $1, hex($2) - hex $1] : () } <$maps>;
    sysopen(my $file, $path, O_WRONLY | O_CREAT | O_TRUNC, 0600) or return "$!";
    my ($headers, $offset) = (header(scalar @parts), HEADER + SEGMENT * @parts);
    for (@parts) { $headers .= segment($offset, @$_); $offset += $_->[1] }
    syswrite($file, $headers);
    pause($seconds) if $seconds;
    for (@parts) { copy_part($memory, $file, @$_) or return "$!" }
    return close($file) ? '' : "$!";
}

# Writes zeros for memory that it cannot read, which is all memory after the death of the process.
sub copy_part {
    my ($memory, $file, $address, $left) = @_;
    sysseek($memory, $address, 0);
    while ($left > 0) {
        my $size = $left < BLOCK ? $left : BLOCK;
        my $got = sysread($memory, my $bytes, $size);
        $bytes = "\0" x $size unless $got;
        $left -= syswrite($file, $bytes) // return;
    }
    return 1;
}

sub header {
    my ($segments) = @_;
    return "\x7fELF\x02\x01\x01" . "\0" x 9 . pack('S< S< L< Q< Q< Q< L< S< S< S< S< S< S<', 4, 62, 1, 0, HEADER, 0, 0, HEADER, SEGMENT, $segments, 0, 0, 0);
}

sub segment {
    my ($offset, $address, $bytes) = @_;
    return pack('L< L< Q< Q< Q< Q< Q< Q<', 1, 6, $offset, $address, 0, $bytes, $bytes, 1);
}

# A signal must not shorten the write.
sub pause {
    my ($left) = @_;
    while ($left > 0.001) {
        my (undef, $rest) = select(undef, undef, undef, $left);
        last if !defined $rest || $rest <= 0;
        $left = $rest;
    }
}

1;
