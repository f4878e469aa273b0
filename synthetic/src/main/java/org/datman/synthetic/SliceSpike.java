package org.datman.synthetic;

/** One slice of one volume that is {@code percent} brighter (or darker) than it should be. */
public record SliceSpike(int volume, int slice, double percent) {}
