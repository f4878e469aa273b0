/** Functions that the templates call. */
package org.datman.dashboard.page;
