#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Print parts of our documents
#
#	blocks.pl commands FILE...	FILE:LINE<tab>COMMAND of ```sh and ```console,
#					without comments, and with the lines that a
#					command goes on with
#	blocks.pl output FILE COMMAND	the output of a command in ```console
#	blocks.pl text FILE		the lines of all ```text
#	blocks.pl unknown FILE...	code blocks without a language, and
#					commands where there should be none
#	blocks.pl words FILE...		FILE:LINE<tab>text in `backquotes`
#	blocks.pl links FILE...		FILE:LINE<tab>file that is linked to
#	blocks.pl anchors FILE...	FILE:LINE<tab>link with an anchor

use strict;
use warnings;

my ($mode, @files) = @ARGV;
my $wanted = $mode eq 'output' ? pop @files : '';
my $command = qr/^(?:\$ |sudo |(?:make|btfstage|btfinspect|pahole|bpftool|git|prove|sh|cp|apt-get|extract-vmlinux) )/;
my %known = map { $_ => 1 } qw(sh console text make c);

for my $file (@files) {
	my ($name) = $file =~ m,((?:docs/)?[^/]*)$,;
	my ($lang, $indent, $pending, $printing, $list, $prose) = ('', '', '', 0, 0, '');

	open(my $f, '<', $file) or die "$file: $!\n";
	while (my $line = <$f>) {
		my $at = "$name:$.";

		chomp $line;
		# a word can go on in the next line; messages are no words
		$prose .= $lang || $line =~ /^(?:\* `|\| `|\s*```)/ ? "\n" : "$line\n";
		if ($line =~ /^(\s*)```(.*)$/) {
			if ($lang) {
				$lang = '';
			} else {
				($indent, $lang) = ($1, $2 || 'none');
				print "$at\t```$2\n"
					if $mode eq 'unknown' && !$known{$lang};
			}
			next;
		}
		if (!$lang) {
			$list = $line =~ /^(?:\*|\d+\.) / || ($list && $line =~ /^(?:\s|$)/);
			if ($mode eq 'unknown' && $line =~ /^(?: {4}|\t)/ && !$list) {
				print "$at\t$line\n";
			} elsif ($mode eq 'anchors') {
				print "$at\t$_\n" for $line =~ /\]\(([^):]*#[^)]+)\)/g;
			} elsif ($mode eq 'links') {
				for ($line =~ /\]\(([^)]+)\)/g) {
					s/#.*//;
					print "$at\t$_\n" if $_ && !/^https?:/;
				}
			}
			next;
		}
		$line =~ s/^\Q$indent\E//;
		if ($lang eq 'sh' || $lang eq 'console') {
			my $text = $line;

			if ($lang eq 'console' && !$pending && $text !~ s/^\$ //) {
				print "$line\n" if $mode eq 'output' && $printing;
				next;
			}
			$text =~ s/\s+# .*//;
			$text =~ s/^\s+//;
			$pending .= $text;
			next if $pending =~ s/\s*\\$/ /;
			$printing = $pending eq $wanted;
			print "$at\t$pending\n" if $mode eq 'commands' && $pending;
			$pending = '';
		} elsif ($mode eq 'unknown' && $line =~ $command) {
			print "$at\t$line\n";
		} elsif ($mode eq 'text' && $lang eq 'text') {
			print "$line\n";
		}
	}
	while ($mode eq 'words' && $prose =~ /`([^`]+)`/g) {
		my $word = $1;
		my $nr = 1 + substr($prose, 0, $-[0]) =~ tr/\n//;

		$word =~ s/\s+/ /g;
		print "$name:$nr\t$word\n";
	}
	print "$name\tends inside of code\n" if $lang && $mode eq 'unknown';
}
