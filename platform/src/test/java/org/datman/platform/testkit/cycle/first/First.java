package org.datman.platform.testkit.cycle.first;

import org.datman.platform.testkit.cycle.second.Second;

/** Imports a package that imports this one: which the rule against cycles must detect. */
public record First(Second second) {}
