/** The table of studies. */
package org.datman.dashboard.study;
