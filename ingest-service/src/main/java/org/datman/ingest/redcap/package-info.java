/** Forms in REDCap that sessions should have: read from REDCap, compared with the sessions that arrived. */
@NullMarked
package org.datman.ingest.redcap;

import org.jspecify.annotations.NullMarked;
