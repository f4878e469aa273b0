/** Images against the images before them: metrics against their baselines, headers against the sessions before; alarms. */
package org.datman.qc.trend;
