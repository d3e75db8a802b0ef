package Core;
# Writes an ELF core file as ProcDump and createdump do: headers first, then the data in order, mode 0600.
use strict;
use warnings;
use Fcntl;

sub create {
    my ($path, $bytes, $seconds, $flags) = @_;
    sysopen(my $file, $path, $flags // (O_WRONLY | O_CREAT | O_TRUNC), 0600) or return "$!";
    my $header = "\x7fELF\x02\x01\x01" . "\0" x 9
        . pack('S< S< L< Q< Q< Q< L< S< S< S< S< S< S<', 4, 62, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0);
    my $segment = pack('L< L< Q< Q< Q< Q< Q< Q<', 1, 6, 120, 0, 0, $bytes, $bytes, 1);
    syswrite($file, $header . $segment);
    my $slices = 10;
    for (1 .. $slices) {
        syswrite($file, 'x' x ($bytes / $slices));
        pause($seconds / $slices) if $seconds;
    }
    close($file);
    return '';
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
