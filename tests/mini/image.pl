#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel image, as far as it is looked at for the kernel's types
#
#	image.pl bzimage RELEASE <PAYLOAD
#	image.pl zboot <PAYLOAD		the payload's length is without what may follow
#	image.pl length FILE		that: the length of FILE in four bytes

use strict;
use warnings;

my ($kind, $arg) = @ARGV;
binmode STDOUT;
binmode STDIN;
if ($kind eq 'length') {
	print pack('V', -s $arg);
	exit;
}
my $payload = do { local $/; <STDIN> };
if ($kind eq 'bzimage') {
	# One sector of setup, and no code before the payload
	my $head = "\0" x 1024;
	substr($head, 0x1f1, 1) = "\1";
	substr($head, 0x1fe, 10) = "\x55\xaa\xeb\x66HdrS\x0f\x02";
	substr($head, 0x20e, 2) = pack('v', 0x80);
	substr($head, 0x248, 8) = pack('VV', 0, length $payload);
	my $version = "$arg (me\@here) #1 SMP";
	substr($head, 0x280, length $version) = $version;
	print $head, $payload, "\0" x 512;
} else {
	my $head = "MZ\0\0zimg" . pack('VVVVa32', 4096, length $payload, 0, 0, 'x');
	print $head, "\0" x (4096 - length $head), $payload, "\0" x 512;
}
