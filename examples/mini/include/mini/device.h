/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_DEVICE_H
#define _MINI_DEVICE_H

#include <mini/fs.h>

struct device;
struct device_driver;

struct kobject {
	const char *name;
	struct list_head entry;
	struct kobject *parent;
	struct kref kref;
	unsigned int state_initialized : 1;
	unsigned int state_in_sysfs : 1;
	unsigned int state_add_sent : 1;
};

struct attribute {
	const char *name;
	umode_t mode;
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr,
			char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t n);
};

struct bus_type {
	const char *name;
	int (*match)(struct device *dev, struct device_driver *drv);
	int (*probe)(struct device *dev);
	struct list_head drivers;
};

typedef struct pm_message {
	int event;
} pm_message_t;

struct dev_pm_ops {
	int (*suspend)(struct device *dev, pm_message_t state);
	int (*resume)(struct device *dev);
};

struct device_id {
	u32 vendor, device;
	unsigned long driver_data;
};

struct device_driver {
	const char *name;
	struct bus_type *bus;
	struct module *owner;
	const struct device_id *id_table;
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	const struct dev_pm_ops *pm;
	struct list_head entry;
};

/* clash.ko has another struct of this name. */
struct device_stats {
	u64 opened;
	u64 errors;
};

struct device {
	struct kobject kobj;
	struct device *parent;
	struct bus_type *bus;
	struct device_driver *driver;
	struct device_stats stats;
	void *platform_data;
	void *driver_data;
	struct mutex mutex;
	u64 *dma_mask;
	dev_t devt;
	void (*release)(struct device *dev);
};

typedef enum irqreturn {
	IRQ_NONE = 0,
	IRQ_HANDLED = 1,
	IRQ_WAKE_THREAD = 2,
} irqreturn_t;

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev);

struct irqaction {
	irq_handler_t handler;
	void *dev;
	struct irqaction *next;
	const char *name;
	unsigned int irq;
	unsigned long flags;
};

int device_register(struct device *dev);
void device_unregister(struct device *dev);
int driver_register(struct device_driver *drv);
void driver_unregister(struct device_driver *drv);
int request_irq(unsigned int irq, irq_handler_t handler, const char *name,
		void *dev);

#endif
