/** One box that takes any kind of id. */
package org.datman.dashboard.search;
