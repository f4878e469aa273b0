/** Time series over volumes: trends, spectra, principal components. */
package org.datman.analysis.timeseries;
