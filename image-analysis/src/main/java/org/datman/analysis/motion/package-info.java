/**
 * Rigid head motion: inverse-compositional Gauss-Newton registration with a cubic B-spline, and the displacement measures made
 * from it. Design and accuracy: qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.2.1">A.2.1</a>.
 */
@NullMarked
package org.datman.analysis.motion;

import org.jspecify.annotations.NullMarked;
