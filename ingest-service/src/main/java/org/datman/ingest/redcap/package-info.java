/** Forms in REDCap that sessions should have: read from REDCap, compared with the sessions that arrived. And the visit plan in REDCap, for qc. */
@NullMarked
package org.datman.ingest.redcap;

import org.jspecify.annotations.NullMarked;
