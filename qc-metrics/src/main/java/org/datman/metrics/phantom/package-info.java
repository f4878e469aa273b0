/** Phantoms: the fBIRN sphere's stability over time, the ACR phantom's geometry and uniformity. Definitions: qc specification A.4. */
package org.datman.metrics.phantom;
