/** The table of studies. */
@NullMarked
package org.datman.dashboard.study;

import org.jspecify.annotations.NullMarked;
