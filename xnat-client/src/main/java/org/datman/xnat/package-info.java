/**
 * Asks an XNAT for what DATMAN needs: sessions, scans, resources, file listings and files. One login session for all
 * threads, renewed once for all; outages are told apart from refusals, and refusals from absence.
 */
package org.datman.xnat;
