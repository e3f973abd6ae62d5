#!/bin/sh
# Prints how many compilers this machine runs at once: one a processor, but each may take a gigabyte, and has to fit.
memory_gib=$(($(awk '/^MemAvailable:/ {print $2}' /proc/meminfo) / 1048576))
jobs=$(nproc)
[ "$memory_gib" -ge "$jobs" ] || jobs=$((memory_gib > 0 ? memory_gib : 1))
echo "$jobs"
