/** Benchmarks of parts that no service runs alone. */
@NullMarked
package org.datman.local.bench;

import org.jspecify.annotations.NullMarked;
