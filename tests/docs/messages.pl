#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# List the messages in the sources
#
#	messages.pl ROOT	one message on a line: FILE<tab>MESSAGE
#
# Inserted text is "%". Messages that consist of nothing else are left out.
#
#  C	the formats of err_set(), of each function declared with __printf (except for
#	the kernel's log), of output to standard error, and inserted words: "what" in a
#	few functions
#  awk	refuse() and keep(), with text composed of pieces
#  sh	die, and echo to standard error
#  make	why there is no BTF, and $(error)

use strict;
use warnings;

my $root = shift or die "usage: messages.pl ROOT\n";
my %seen;

sub text_of
{
	my ($file) = @_;
	open(my $f, '<', $file) or die "$file: $!\n";
	local $/;
	return <$f>;
}

sub message
{
	my ($file, $text) = @_;

	$file =~ s,^\Q$root\E/,,;
	$text =~ s/\\[rn]//g;
	$text =~ s/\\"/"/g;
	$text =~ s/^(btfstage|btfstage-apply|btfinspect|apply|patches|dist|deb): //;
	$text =~ s/%(\.\*|\.?\d+)?(ju|jx|jd|zu|zx|[a-z])/%/g if $file =~ /\.[ch]$/;
	$text =~ s/[ \t]+/ /g;
	$text =~ s/^ | $//g;
	# a colon at the end: the system's error follows
	$text =~ s/:$/: %/;
	# all start with a file name
	$text =~ s/^(%[^ ,]*)?: //;
	return if $text !~ /[a-z]{2}/ or $seen{"$file\t$text"}++;
	print "$file\t$text\n";
}

# The text from $pos, after "(" or "$(", to the ")" that belongs to it
sub inside
{
	my ($s, $pos) = @_;
	my ($i, $depth, $quoted) = ($pos, 1, 0);

	for (; $i < length $s; $i++) {
		my $c = substr $s, $i, 1;
		if ($quoted) {
			$i++ if $c eq '\\';
			$quoted = 0 if $c eq '"';
		} elsif ($c eq '"') {
			$quoted = 1;
		} elsif ($c eq '(') {
			$depth++;
		} elsif ($c eq ')' && !--$depth) {
			last;
		}
	}
	return substr $s, $pos, $i - $pos;
}

# Split at the commas that are in no parentheses and no string
sub arguments
{
	my ($s) = @_;
	my @args = ('');
	my ($depth, $quoted) = (0, 0);

	for (my $i = 0; $i < length $s; $i++) {
		my $c = substr $s, $i, 1;
		if ($quoted) {
			$quoted = 0 if $c eq '"';
			$c .= substr $s, ++$i, 1 if $c eq '\\';
		} elsif ($c eq '"') {
			$quoted = 1;
		} elsif ($c eq '(') {
			$depth++;
		} elsif ($c eq ')') {
			$depth--;
		} elsif ($c eq ',' && !$depth) {
			push @args, '';
			next;
		}
		$args[-1] .= $c;
	}
	return @args;
}

# The strings of an argument, those that follow each other as one
sub strings
{
	my ($arg) = @_;

	# a macro after a string is the format of a name
	$arg =~ s/"\s*[A-Z]+\s*"/%s/g;
	$arg =~ s/"\s*[A-Z]+\s*$/%s"/;
	$arg =~ s/"\s*"//g;
	return $arg =~ /"((?:[^"\\]|\\.)*)"/g;
}

# --- C
# Functions, and which of their arguments are messages, counted from 1. These are not
# printf-like.
my %said = (
	err_set => [3], report_note => [2],
	'check_header.c:refuse' => [5], 'check_types.c:refuse' => [3],
);
my @c = map { glob } "$root/tools/btf*/*.c", "$root/tools/btf*/*/*.c";
my %c_text;

for my $file (@c, map { glob } "$root/tools/btf*/*/*.h") {
	my $s = text_of($file);

	$s =~ s,/\*.*?\*/,,gs;
	$c_text{$file} = $s;
	my ($name) = $file =~ m,([^/]*)$,;
	next if $name =~ /^kernel_log/;
	# "static void __printf(3, 4) warn(" and "void f(...)\n\t__printf(3, 4);"
	while ($s =~ /__printf\((\d+), \d+\)\s+(\w+)\(/g) {
		$said{"$name:$2"} = [$1];
	}
	while ($s =~ /(\w+)\([^;{}]*?\)\s*__printf\((\d+), \d+\);/g) {
		$said{$1} = [$2];
	}
}
for my $file (sort keys %c_text) {
	my $s = $c_text{$file};
	my ($name) = $file =~ m,([^/]*)$,;

	while ($s =~ /\b(\w+)\(/g) {
		my $function = $1;
		my $which = $said{"$name:$function"} || $said{$function};
		my @args = arguments(inside($s, pos $s));

		if ($function eq 'fprintf' && $args[0] eq 'stderr') {
			$which = [2];
		} elsif ($function eq 'perror') {
			$which = [1];
		} elsif ($function eq 'printf' && $name eq 'cmd_find_base.c') {
			$which = [1];
		}
		next unless $which;
		for my $nr (@$which) {
			next if $nr > @args;
			message($file, $function eq 'perror' ? "$_:" : $_)
				for strings($args[$nr - 1]);
		}
	}
	# inserted words
	while ($s =~ /\bwhat(?:\[\])? =\s*("(?:[^"\\]|\\.)*")/g) {
		message($file, $_) for strings($1);
	}
	if ($s =~ /whys\[.*?\] = \{(.*?)\n\};/s) {
		message($file, $_) for grep / /, strings($1);
	}
}

# --- awk
for my $file (glob "$root/tools/apply/*.awk") {
	my $s = text_of($file);

	$s =~ s/^\s*#.*$//mg;
	while ($s =~ /\b(refuse|keep)\(/g) {
		my @args = arguments(inside($s, pos $s));
		my $text = $args[$1 eq 'refuse' ? 1 : 0];

		next unless defined $text && $text =~ /"/;
		$text =~ s/^\s+|\s+$//g;
		# what is not a string is inserted
		$text =~ s/("(?:[^"\\]|\\.)*")|[^"]+/$1 ? $1 : '"%"'/ge;
		message($file, join '', strings($text));
	}
}

# --- sh
for my $file (glob("$root/tools/{apply,patches,dist,deb}/*.sh"),
	      "$root/scripts/link-vmlinux.sh", "$root/tests/install-packages.sh") {
	my $s = text_of($file);

	$s =~ s/\\\n\s*//g;
	$s =~ s/^\s*#.*$//mg;
	# the output of a command is inserted
	1 while $s =~ s/\$\((?:[^()]|\([^()]*\))*\)/%/;
	while ($s =~ /(?:\bdie|echo >&2|\bsay [A-Z]+) ((?:"(?:[^"\\]|\\.)*"\s*)+)/g) {
		my $text = $1;

		$text = join ' ', $text =~ /"([^"]*)"/g;
		$text =~ s/\$\{\w+\}|\$\w+|\$\*/%/g;
		message($file, $text);
	}
	while ($s =~ /echo '([^']*)' >&2|echo "([^"]*)" >&2/g) {
		my $text = $1 // $2;

		$text =~ s/\$\{\w+\}|\$\w+|\$\*/%/g;
		message($file, $text);
	}
	while ($s =~ /echo "([^"]*)" >> keep/g) {
		my $text = $1;

		$text =~ s/\$\w+/%/g;
		message($file, $text);
	}
}

# --- make
# The possible results of $(if ...) and $(or ...)
sub choices
{
	my ($s) = @_;

	$s =~ s/^\s+|\s+$//g;
	if ($s =~ /^\$\((if|or)\s(.*)\)$/s &&
	    length(inside($s, 2)) == length($s) - 3) {
		my ($function, @args) = ($1, arguments($2));

		if ($function eq 'if') {
			shift @args;
			push @args, join ',', splice @args, 1 if @args > 1;
		}
		return map { choices($_) } @args;
	}
	1 while $s =~ s/\$\([^()]*\)/%/;
	$s =~ s/\$@/%/g;
	return $s;
}

for my $file (glob("$root/scripts/Makefile.*"), "$root/Makefile") {
	my $s = text_of($file);

	$s =~ s/\\\n\s*/ /g;
	$s =~ s/^\s*#.*$//mg;
	while ($s =~ /^no-(?:btf|base)\s*:= (.*)$/mg) {
		message($file, $_) for choices($1);
	}
	while ($s =~ /\$\(error /g) {
		message($file, $_) for choices(inside($s, pos $s));
	}
	while ($s =~ /'\$\(pound\) no BTF: ([^']*)'/g) {
		message($file, $_) for choices($1);
	}
	while ($s =~ /^quiet_cmd_\w+ \+= (\(no BTF: .*\))$/mg) {
		message($file, $1);
	}
}
