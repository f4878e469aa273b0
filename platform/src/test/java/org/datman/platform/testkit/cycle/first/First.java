package org.datman.platform.testkit.cycle.first;

import org.datman.platform.testkit.cycle.second.Second;

/** Imports a package that imports this one: what the rule against cycles has to find. */
public record First(Second second) {}
