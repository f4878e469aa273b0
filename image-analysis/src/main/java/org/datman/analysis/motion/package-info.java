/**
 * Rigid head motion: inverse-compositional Gauss-Newton registration with a cubic B-spline, and the displacement measures made
 * from it. Design and accuracy: qc specification A.2.1.
 */
@NullMarked
package org.datman.analysis.motion;

import org.jspecify.annotations.NullMarked;
