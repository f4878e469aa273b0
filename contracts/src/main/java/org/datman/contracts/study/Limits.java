package org.datman.contracts.study;

import java.util.OptionalDouble;

/** Beyond which values of a metric a series is warned about or flagged, in the metric's unit; a limit itself is still good. */
public record Limits(
        OptionalDouble warnBelow, OptionalDouble warnAbove, OptionalDouble flagBelow, OptionalDouble flagAbove) {}
