/** Anatomical images (T1, T2): noise, background, bias, edges, and tissue behind a confidence gate. Specification A.1. */
package org.datman.metrics.anat;
