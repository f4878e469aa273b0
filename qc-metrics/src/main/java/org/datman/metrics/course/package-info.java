/** Courses over volumes: trends, spectra, principal components. */
package org.datman.metrics.course;
