/**
 * Phantoms: the fBIRN sphere's stability over time, the balls of the ADNI phantom, the DTI phantom's numbers, the ACR phantom, and what
 * any solid phantom has (shape, uniformity, SNR). Definitions: qc specification A.4.
 */
@NullMarked
package org.datman.metrics.phantom;

import org.jspecify.annotations.NullMarked;
