/** State of operations: ages, last events, times to the verdict, failures of all kinds. */
@NullMarked
package org.datman.dashboard.operations;

import org.jspecify.annotations.NullMarked;
