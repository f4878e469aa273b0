/** What qc has heard: the latest event of each kind per session and series. */
package org.datman.qc.state;
