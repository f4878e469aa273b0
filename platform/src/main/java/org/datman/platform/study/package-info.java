/** The study configuration as every service sees it: one folder, read again when it changes. */
package org.datman.platform.study;
