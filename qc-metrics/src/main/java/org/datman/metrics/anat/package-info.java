/** Anatomical images (T1, T2): noise, background, bias, edges, and tissue behind a confidence gate. Specification <a href="{@docRoot}/../docs/qc-specification.md#A.1">A.1</a>. */
@NullMarked
package org.datman.metrics.anat;

import org.jspecify.annotations.NullMarked;
