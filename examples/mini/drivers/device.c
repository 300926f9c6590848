// SPDX-License-Identifier: GPL-2.0-only
#include <mini/device.h>
#include <mini/list.h>

static struct irqaction *irq_actions[16];

int device_register(struct device *dev)
{
	struct list_head *pos;

	list_for_each(pos, &dev->bus->drivers) {
		struct device_driver *drv;

		drv = container_of(pos, struct device_driver, entry);
		if (!dev->bus->match(dev, drv))
			continue;
		dev->driver = drv;
		dev->stats.opened++;
		return drv->probe(dev);
	}
	return -1;
}

void device_unregister(struct device *dev)
{
	if (dev->driver)
		dev->driver->remove(dev);
	dev->kobj.state_in_sysfs = 0;
}

int driver_register(struct device_driver *drv)
{
	list_add(&drv->entry, &drv->bus->drivers);
	return 0;
}

void driver_unregister(struct device_driver *drv)
{
	list_del(&drv->entry);
}

int device_suspend(struct device *dev, pm_message_t state)
{
	const struct dev_pm_ops *pm = dev->driver->pm;

	return pm && pm->suspend ? pm->suspend(dev, state) : 0;
}

ssize_t device_show(struct device *dev, struct device_attribute *attr,
		    char *buf)
{
	return attr->show ? attr->show(dev, attr, buf) : -1;
}

int request_irq(unsigned int irq, irq_handler_t handler, const char *name,
		void *dev)
{
	struct irqaction *action = kmalloc(sizeof(*action), 0);

	if (!action)
		return -1;
	action->handler = handler;
	action->dev = dev;
	action->name = name;
	action->next = irq_actions[irq % 16];
	irq_actions[irq % 16] = action;
	return 0;
}

irqreturn_t handle_irq(unsigned int irq)
{
	struct irqaction *action;
	irqreturn_t ret = IRQ_NONE;

	for (action = irq_actions[irq % 16]; action; action = action->next)
		ret |= action->handler(irq, action->dev);
	return ret;
}
