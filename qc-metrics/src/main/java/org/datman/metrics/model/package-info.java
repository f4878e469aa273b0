/** What a measurement collects until its report is made, and why a series cannot be measured. */
@NullMarked
package org.datman.metrics.model;

import org.jspecify.annotations.NullMarked;
