/** Images against the images before them: metrics against their baselines, headers against the sessions before; alarms. */
@NullMarked
package org.datman.qc.trend;

import org.jspecify.annotations.NullMarked;
