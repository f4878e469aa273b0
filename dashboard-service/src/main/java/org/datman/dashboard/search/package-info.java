/** The search box for any kind of id. */
package org.datman.dashboard.search;
