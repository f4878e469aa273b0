/** Anatomical images (T1, T2): noise, background, bias, edges, and tissue behind a confidence gate. Specification A.1. */
@NullMarked
package org.datman.metrics.anat;

import org.jspecify.annotations.NullMarked;
