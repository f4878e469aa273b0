package org.datman.platform.testkit.cycle.second;

import org.datman.platform.testkit.cycle.first.First;

/** The other half of the cycle. */
public record Second(First first) {}
