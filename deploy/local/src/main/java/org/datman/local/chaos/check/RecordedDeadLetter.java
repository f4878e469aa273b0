package org.datman.local.chaos.check;

/** A record of a dead-letter topic, and why it is there. */
public record RecordedDeadLetter(String topic, long offset, String key, String why) {}
