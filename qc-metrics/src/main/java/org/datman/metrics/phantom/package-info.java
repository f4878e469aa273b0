/**
 * Phantoms: the fBIRN sphere's stability over time, the balls of the ADNI phantom, the DTI phantom's numbers, the ACR phantom, and what
 * any solid phantom has (shape, uniformity, SNR). Definitions: qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4">A.4</a>.
 */
@NullMarked
package org.datman.metrics.phantom;

import org.jspecify.annotations.NullMarked;
