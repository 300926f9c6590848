// SPDX-License-Identifier: GPL-2.0-only
#include <mini/fs.h>
#include <mini/task.h>

ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct address_space *mapping = iocb->filp->inode->mapping;
	size_t n = iter->count;

	if (mapping->a_ops->readpage(iocb->filp, alloc_page(mapping->gfp_mask)))
		return -1;
	iocb->pos += n;
	return n;
}

loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	spin_lock(&file->lock);
	file->pos = whence ? file->pos + offset : offset;
	spin_unlock(&file->lock);
	return file->pos;
}

int fd_install(struct files *files, filp_t file)
{
	unsigned int fd = files->next_fd++;

	files->fd_array[fd % 64] = file;
	return fd;
}

int iterate_dir(struct file *file, filldir_t fill)
{
	return file->op->iterate ? file->op->iterate(file, fill) : -1;
}
