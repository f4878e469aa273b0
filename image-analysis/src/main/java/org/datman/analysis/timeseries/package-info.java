/** Time series over volumes: trends, spectra, principal components. */
@NullMarked
package org.datman.analysis.timeseries;

import org.jspecify.annotations.NullMarked;
