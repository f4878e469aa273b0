/** What qc has consumed: the latest event of each kind per session and series. */
package org.datman.qc.state;
