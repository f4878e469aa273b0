/**
 * Client for the parts of XNAT that DATMAN needs: sessions, scans, resources, file listings and files. One login session for all
 * threads, renewed once for all; outages, refusals and absence are distinct exceptions.
 */
@NullMarked
package org.datman.xnat;

import org.jspecify.annotations.NullMarked;
